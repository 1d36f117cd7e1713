/**
 * Which workers are alive, which models they have and how these did lately. {@link
 * io.ratatoskr.catalog.Catalog} follows the workers' heartbeats and keeps a ready-made {@link
 * io.ratatoskr.catalog.CatalogSnapshot}; {@link io.ratatoskr.catalog.HealthFollower} does the same
 * with what the routers say of circuits.
 */
@NullMarked
package io.ratatoskr.catalog;

import org.jspecify.annotations.NullMarked;
