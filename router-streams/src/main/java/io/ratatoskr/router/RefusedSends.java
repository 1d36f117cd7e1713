package io.ratatoskr.router;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when Kafka takes a record of the router for good: sizes and topics are checked
 * before, so this is a topic deleted in the meantime. The record is lost, its task goes on, and the
 * request expires. State is another matter: without its changelog a task must not go on. What may
 * still succeed has its task start over from what was committed. A topic that is forbidden in the
 * meantime does not come here: Streams ends the thread, whose successor tries again.
 */
public final class RefusedSends implements ProductionExceptionHandler {
  /** Setting under which the router hands over its meters. */
  static final String METRICS = "ratatoskr.router.metrics";

  private static final Logger LOG = LoggerFactory.getLogger(RefusedSends.class);

  private @Nullable RouterMetrics metrics;

  @Override
  public void configure(Map<String, ?> configs) {
    if (configs.get(METRICS) instanceof RouterMetrics given) {
      metrics = given;
    }
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
    boolean state = record.topic().endsWith("-changelog");
    boolean lasting =
        exception instanceof RecordTooLargeException
            || exception instanceof UnknownTopicOrPartitionException;
    if (metrics != null) {
      metrics.sendFailed();
    }
    LOG.error(
        "Kafka did not take a record of {} bytes for {}, caused by {}-{} at offset {}",
        record.value() == null ? 0 : record.value().length,
        record.topic(),
        context.topic(),
        context.partition(),
        context.offset(),
        exception);
    if (!state && lasting) {
      return Response.resume();
    }
    return exception instanceof RetriableException ? Response.retry() : Response.fail();
  }
}
