package io.ratatoskr.router;

import io.ratatoskr.schemas.CacheMode;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Codec;
import io.ratatoskr.schemas.DataPolicy;
import io.ratatoskr.schemas.DeadLetters;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Envelope;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Inbox;
import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.JobEpoch;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestHead;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.schemas.SchemaIds;
import io.ratatoskr.schemas.chat.TokenUsage;
import io.ratatoskr.schemas.wire.Answered;
import io.ratatoskr.schemas.wire.EmbedRequest;
import io.ratatoskr.schemas.wire.Item;
import io.ratatoskr.schemas.wire.Loading;
import io.ratatoskr.schemas.wire.Provenance;
import io.ratatoskr.schemas.wire.Rejected;
import io.ratatoskr.schemas.wire.Retryable;
import io.ratatoskr.schemas.wire.Started;
import io.ratatoskr.schemas.wire.Text;
import io.ratatoskr.schemas.wire.Timings;
import io.ratatoskr.schemas.wire.WorkItem;
import io.ratatoskr.schemas.wire.WorkResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Requests and results as clients and workers would send them. */
final class Requests {
  static final String MODEL = "all-minilm-l6-v2";

  private static final Codec<EmbedRequest> EMBED =
      Codec.of(EmbedRequest.class, SchemaIds.derived());
  private static final Codec<WorkResult> RESULT = Codec.of(WorkResult.class, SchemaIds.derived());

  private Requests() {}

  /** An embedding request; {@code number} makes its id. */
  record Request(
      Domain domain,
      Lane lane,
      int number,
      String text,
      String model,
      CacheMode cache,
      boolean stream,
      Duration timeout,
      @Nullable JobEpoch job,
      String tenant) {

    static Request of(int number, String text) {
      return new Request(
          Domain.DEFAULT,
          Lane.INTERACTIVE,
          number,
          text,
          MODEL,
          CacheMode.OFF,
          false,
          Duration.ofSeconds(30),
          null,
          "");
    }

    Request cached() {
      return with(CacheMode.ON);
    }

    Request with(CacheMode mode) {
      return new Request(domain, lane, number, text, model, mode, stream, timeout, job, tenant);
    }

    Request ofModel(String other) {
      return new Request(domain, lane, number, text, other, cache, stream, timeout, job, tenant);
    }

    Request streamed() {
      return new Request(domain, lane, number, text, model, cache, true, timeout, job, tenant);
    }

    Request within(Duration other) {
      return new Request(domain, lane, number, text, model, cache, stream, other, job, tenant);
    }

    Request ofJob(JobEpoch run) {
      return new Request(domain, lane, number, text, model, cache, stream, timeout, run, tenant);
    }

    Request ofTenant(String other) {
      return new Request(domain, lane, number, text, model, cache, stream, timeout, job, other);
    }

    Request bulk() {
      return new Request(
          domain, Lane.BULK, number, text, model, cache, stream, timeout, job, tenant);
    }

    Request in(Domain other) {
      return new Request(other, lane, number, text, model, cache, stream, timeout, job, tenant);
    }

    RequestId id() {
      return new RequestId(new UUID(7, number));
    }

    Inbox inbox() {
      return new Inbox(Math.floorMod(number, 32), "inbox-" + number % 10);
    }

    RequestHead head() {
      return new RequestHead(id(), model, "", stream, tenant, DataPolicy.LOCAL_ONLY, cache);
    }

    Envelope envelope() {
      return new Envelope(head(), inbox(), timeout, job, null);
    }

    byte[] value() {
      return EMBED.encode(
          EmbedRequest.newBuilder().setItems(List.of(new Item(new Text(text)))).build());
    }

    Fingerprint fingerprint() {
      return Fingerprint.of(Capability.EMBED, domain, lane, head(), value());
    }

    Headers headers() {
      Headers headers = new RecordHeaders();
      envelope().writeTo(headers);
      EMBED.describe(headers);
      return headers;
    }
  }

  static byte[] result(WorkItem work, String worker, String execution, Object outcome) {
    return RESULT.encode(
        new WorkResult(
            work.getGeneration(),
            work.getAttempt(),
            work.getLink(),
            work.getSource(),
            worker,
            execution,
            outcome,
            null));
  }

  /** The same of an attempt that failed, with the request as its worker had it. */
  static byte[] failure(WorkItem work, Object outcome, Request request) {
    return RESULT.encode(
        WorkResult.newBuilder(RESULT.decode(result(work, "w9", "x", outcome)))
            .setRequest(DeadLetters.copy(request.value(), request.headers()))
            .build());
  }

  static Headers resultHeaders() {
    Headers headers = new RecordHeaders();
    RESULT.describe(headers);
    return headers;
  }

  static Answered answered(String payload) {
    return new Answered(
        ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8)),
        Provenance.newBuilder().setModel(MODEL).setProvider("onnx").setWorker("w1").build(),
        new Timings(1L, 2L),
        0L,
        null);
  }

  static Answered answered(String payload, TokenUsage usage) {
    return Answered.newBuilder(answered(payload)).setUsage(usage.toWire()).build();
  }

  static Retryable retryable(InferenceError error) {
    return new Retryable(error.toWire());
  }

  static Rejected rejected(InferenceError error) {
    return new Rejected(error.toWire());
  }

  static Started started() {
    return new Started(0L);
  }

  static Loading loading() {
    return new Loading(MODEL);
  }
}
