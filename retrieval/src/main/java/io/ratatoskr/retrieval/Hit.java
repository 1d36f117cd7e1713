package io.ratatoskr.retrieval;

/**
 * A text that was kept.
 *
 * @param rank from 1
 * @param candidate the text and its nearness
 * @param judgement what the NLI model says of it
 * @param score fused score; falls with the rank
 */
public record Hit(int rank, Candidate candidate, Judgement judgement, double score) {}
