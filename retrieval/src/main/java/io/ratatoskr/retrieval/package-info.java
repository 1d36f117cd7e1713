/**
 * Two-stage retrieval: embed a query, take the nearest texts, keep those of which an NLI model says
 * that they entail or at least do not contradict it. {@link
 * io.ratatoskr.retrieval.TwoStageRetrieval} is where to start; {@link
 * io.ratatoskr.retrieval.CorpusIndex} is what it searches.
 */
@NullMarked
package io.ratatoskr.retrieval;

import org.jspecify.annotations.NullMarked;
