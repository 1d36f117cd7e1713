package io.ratatoskr.retrieval;

/**
 * A text near a query.
 *
 * @param id its id
 * @param text the text
 * @param cosine cosine of the angle between its vector and the query's, -1 to 1
 */
public record Candidate(String id, String text, double cosine) {}
