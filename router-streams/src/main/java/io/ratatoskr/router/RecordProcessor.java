package io.ratatoskr.router;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles records one by one; one that fails goes to dead letters, and the next is handled. */
abstract class RecordProcessor implements Processor<byte[], byte[], byte[], Emission> {
  private static final Logger LOG = LoggerFactory.getLogger(RecordProcessor.class);

  final Lane lane;
  final Services services;
  private @Nullable ProcessorContext<byte[], Emission> context;
  private @Nullable Desk desk;

  RecordProcessor(Lane lane, Services services) {
    this.lane = lane;
    this.services = services;
  }

  /** Decides on a record and carries that out. */
  abstract void handle(Desk desk, Record<byte[], byte[]> record, RecordMetadata at);

  /** Sends a record that could not be handled to the dead letters, with its error. */
  void putAside(Desk desk, Record<byte[], byte[]> record, RecordMetadata at, InferenceError error) {
    desk.deadLetter(record, at, error);
  }

  /** Called when a record is decided on or put aside. */
  void handled(Desk desk, RecordMetadata at) {}

  @Override
  public final void init(ProcessorContext<byte[], Emission> processorContext) {
    context = processorContext;
    desk = new Desk(processorContext, lane, services);
  }

  @Override
  public final void process(Record<byte[], byte[]> record) {
    if (context == null || desk == null) {
      throw new IllegalStateException("process before init");
    }
    RecordMetadata at = context.recordMetadata().orElseThrow();
    try {
      handle(desk, record, at);
    } catch (KafkaException e) {
      throw e; // about the task, not about the record
    } catch (RuntimeException e) {
      LOG.error("Cannot handle {}", at, e);
      putAside(desk, record, at, InferenceError.llm(false, "the router cannot handle this: " + e));
    }
    desk.probes().over();
    handled(desk, at);
  }
}
