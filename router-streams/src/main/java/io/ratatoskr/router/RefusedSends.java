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
 * Decides how a stream thread goes on when Kafka refuses a record that the router sent.
 *
 * <p>Sizes and topics are checked before a send, so a refusal that no repetition mends means that
 * the topic was deleted in the meantime: the record is dropped, the task goes on, and the request
 * expires. A record of a changelog is never dropped, since a task must not go on without its state.
 * Any other failure makes the task start over from its last commit. A forbidden topic does not come
 * here: Streams ends the thread, and the next thread tries again.
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
