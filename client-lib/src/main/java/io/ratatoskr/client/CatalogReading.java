package io.ratatoskr.client;

import io.ratatoskr.catalog.Catalog;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Reads the workers' heartbeats once, on a thread of its own. */
final class CatalogReading {
  private CatalogReading() {}

  /** The models of the workers that are alive. */
  static CompletableFuture<List<KnownModel>> models(ClientContext context, SchemaIds ids) {
    CompletableFuture<List<KnownModel>> models = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                List<KnownModel> read = read(context, ids);
                context.callbacks().execute(() -> models.complete(read));
              } catch (RuntimeException e) {
                models.completeExceptionally(e);
              }
            },
            "ratatoskr-client-catalog");
    thread.setDaemon(true);
    thread.start();
    return models;
  }

  private static List<KnownModel> read(ClientContext context, SchemaIds ids) {
    Duration patience = context.config().patience().connect();
    try (Catalog catalog =
        new Catalog(
            KafkaClients.reading(context.config(), "ratatoskr-catalog"), ids, context.clock())) {
      catalog.start();
      if (!catalog.awaitCaughtUp(patience)) {
        throw new PipelineUnreachableException(
            "%s on %s could not be read within %s s; a client that lists models reads it"
                .formatted(
                    Topics.catalog(), context.config().bootstrap(), patience.toMillis() / 1000.0),
            null);
      }
      return KnownModel.of(catalog.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientClosedException();
    }
  }
}
