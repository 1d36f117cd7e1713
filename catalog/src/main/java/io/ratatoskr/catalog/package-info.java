/**
 * Which workers are alive and which models they have. {@link io.ratatoskr.catalog.Catalog} follows
 * their heartbeats and keeps a ready-made {@link io.ratatoskr.catalog.CatalogSnapshot}; what
 * follows from which heartbeat stands in {@link io.ratatoskr.catalog.Heartbeats}.
 */
@NullMarked
package io.ratatoskr.catalog;

import org.jspecify.annotations.NullMarked;
