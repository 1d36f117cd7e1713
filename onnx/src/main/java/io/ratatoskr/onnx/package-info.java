/**
 * Models: a folder or a jar becomes a session with its tokenizer, and texts become vectors. Knows
 * no Kafka.
 *
 * <pre>
 *   ModelFiles (folder | jar → ModelCache) ─► Embedder.load: ModelSession + Signature, GraphTokenizer ─► EmbeddingSpec
 *
 *   caller's thread                                    the embedder's threads (Callers)
 *   texts ─► prepare ─────────────► submitAll ───────► Turns ──────────► BatchRunner ─────► Submission
 *            Tokenised: each once    Batches: longest   interactive       pad, run, pool     parts → mean,
 *            Frame: limit, parts     first, by budget   before bulk       (halve if it fails)  norm, results
 * </pre>
 *
 * Start at {@link io.ratatoskr.onnx.Embedder}.
 */
@NullMarked
package io.ratatoskr.onnx;

import org.jspecify.annotations.NullMarked;
