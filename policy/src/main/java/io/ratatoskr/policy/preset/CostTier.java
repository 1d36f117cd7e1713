package io.ratatoskr.policy.preset;

/** The bands of what a model's answers cost, the cheapest first. */
public enum CostTier {
  /** Nothing: models on own machines, and offers without a price. */
  FREE,
  /** Little, such as the small models of a provider. */
  LOW,
  /** What a provider's usual models cost. */
  MEDIUM,
  /** What a provider's best models cost. */
  HIGH,
  /** More than anybody pays for a single request without a contract. */
  ENTERPRISE
}
