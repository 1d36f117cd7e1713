package io.ratatoskr.gateway;

import io.ratatoskr.schemas.Location;

/**
 * A model that an Ollama server has.
 *
 * @param name as it is asked for, tag included
 * @param digest of its content
 * @param bytes of its files; 0 where it is hosted elsewhere
 * @param parameters how many it has, as Ollama writes it, such as {@code 8.0B}; empty where unknown
 * @param quantization its kind, such as {@code Q4_K_M}; empty where unknown
 * @param location where the server runs it: itself, or its maker's servers
 */
public record OllamaModel(
    String name,
    String digest,
    long bytes,
    String parameters,
    String quantization,
    Location location) {

  static OllamaModel of(Document model) {
    Document details = model.at("details");
    return new OllamaModel(
        model.text("name"),
        model.text("digest"),
        model.count("size").orElse(0),
        details.text("parameter_size"),
        details.text("quantization_level"),
        model.text("remote_host").isEmpty() ? Location.LOCAL : Location.REMOTE);
  }
}
