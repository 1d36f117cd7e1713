/**
 * Chat, generation, vectors and judgements through providers over HTTP.
 *
 * <p>The path of a call: {@link io.ratatoskr.gateway.GatewayEngine} takes a request from the worker
 * and makes a {@code ProviderCall} of it; {@code ProviderClient} has what each call passes on its
 * way out, as a list; a {@code Provider} says how its language writes the body and an {@code
 * AnswerReader} how it reads the answer, document by document, into the {@code AnswerSink}. Vectors
 * take {@code EmbeddingRun} and {@code EmbeddingCall} in their place; judgements are chats that
 * {@code PromptedRun} words and reads. {@link io.ratatoskr.gateway.ProviderSettings} reads
 * providers from a configuration. {@code OllamaWatch} looks after a server of Ollama, whose calls
 * {@code ModelTurns} sorts by model; {@code GatewayModels} says of a provider's models what they
 * can be asked for.
 */
@NullMarked
package io.ratatoskr.gateway;

import org.jspecify.annotations.NullMarked;
