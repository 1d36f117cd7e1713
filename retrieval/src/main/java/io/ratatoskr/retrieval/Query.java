package io.ratatoskr.retrieval;

/**
 * A question to the corpus. Stated as a sentence it can follow from a text; a few keywords cannot.
 *
 * @param id the caller's own; not looked at
 * @param text what is looked for; an empty one fails with {@code InvalidInput}
 */
public record Query(String id, String text) {}
