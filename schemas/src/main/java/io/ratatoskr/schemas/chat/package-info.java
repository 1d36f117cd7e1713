/**
 * What chat and generation speak of, alike for callers, records, workers and providers.
 *
 * <p>Start at {@link io.ratatoskr.schemas.chat.ChatInput} for what is asked, {@link
 * io.ratatoskr.schemas.chat.ChatEvent} for what a stream brings, {@link
 * io.ratatoskr.schemas.chat.ChatAnswer} for the whole of it, and {@link
 * io.ratatoskr.schemas.chat.ChatReducer} for how the one becomes the other.
 */
@NullMarked
package io.ratatoskr.schemas.chat;

import org.jspecify.annotations.NullMarked;
