package io.ratatoskr.gateway;

import io.ratatoskr.schemas.ErrorCode;
import io.ratatoskr.schemas.InferenceError;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** What statuses of HTTP and failures of connections mean. */
final class HttpErrors {
  private static final Pattern CONTEXT =
      Pattern.compile(
          "context[_ ](length|window|size)|maximum context|prompt is too long"
              + "|input is too long|longer than the context|exceeds? the (model's )?max");
  private static final Pattern LIMIT =
      Pattern.compile(
          "(?:maximum(?: context length)?(?: is| of)?|>|limit(?: of| is)?|context length \\()"
              + "\\s*(\\d{3,9})");
  private static final Pattern FILTER = Pattern.compile("content[_ ](filter|policy)|moderation");

  private final ProviderConfig config;

  HttpErrors(ProviderConfig config) {
    this.config = config;
  }

  private String said(String what) {
    return config.masked("Provider " + config.name() + " " + what);
  }

  /** The error of a status, with what its body said. */
  InferenceError ofStatus(int status, ErrorBody body, String model) {
    String says = body.message().isBlank() ? "" : ": " + body.shortMessage();
    String message = said("answered with status " + status + says);
    return switch (status) {
      case 400, 413, 422 -> refusedInput(status, body, model, message);
      case 401, 403 ->
          FILTER.matcher(lower(body.message())).find()
              ? InferenceError.contentFiltered(message)
              : InferenceError.authenticationFailed(message);
      case 404 ->
          says.isEmpty()
              ? InferenceError.api(404, message + "; is its base-url right?")
              : InferenceError.modelNotFound(model, message);
      case 408 -> InferenceError.http(message);
      case 429 ->
          body.code().equals("insufficient_quota") || body.type().equals("insufficient_quota")
              ? InferenceError.api(429, message)
              : InferenceError.rateLimited(message);
      default ->
          status >= 300 && status < 400
              ? InferenceError.api(status, message + "; give the base-url that it redirects to")
              : InferenceError.api(status, message);
    };
  }

  private InferenceError refusedInput(int status, ErrorBody body, String model, String message) {
    String text = lower(body.message() + " " + body.code() + " " + body.type());
    if (CONTEXT.matcher(text).find()) {
      return contextLength(text, model, message);
    }
    if (FILTER.matcher(text).find()) {
      return InferenceError.contentFiltered(message);
    }
    if (body.code().equals("unsupported_parameter") || body.code().equals("unsupported_value")) {
      return InferenceError.unsupportedParameter(body.param(), model, config.name(), message);
    }
    return status == 413 ? InferenceError.api(413, message) : InferenceError.invalidInput(message);
  }

  private InferenceError contextLength(String text, String model, String message) {
    Matcher number = LIMIT.matcher(text);
    if (number.find()) {
      return InferenceError.contextLengthExceeded(Integer.parseInt(number.group(1)), message);
    }
    return config.model(model).context().isPresent()
        ? InferenceError.contextLengthExceeded(config.model(model).context().getAsInt(), message)
        : new InferenceError(ErrorCode.CONTEXT_LENGTH_EXCEEDED, message, Map.of("limit", ""), null);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /**
   * The error that a provider wrote where its answer should be, after a status of success.
   *
   * @param streamed whether a part of the answer had come before
   */
  InferenceError within(ErrorBody body, String model, boolean streamed) {
    if (body.status().isPresent()) {
      return ofStatus(body.status().getAsInt(), body, model);
    }
    int status =
        switch (body.type()) {
          case "invalid_request_error" -> 400;
          case "authentication_error" -> 401;
          case "billing_error" -> 402;
          case "permission_error" -> 403;
          case "not_found_error" -> 404;
          case "request_too_large" -> 413;
          case "rate_limit_error", "rate_limit_exceeded", "insufficient_quota" -> 429;
          case "api_error", "server_error", "internal_error" -> 500;
          case "timeout_error" -> 504;
          case "overloaded_error" -> 529;
          default -> 0;
        };
    if (status != 0) {
      return ofStatus(status, body, model);
    }
    if (CONTEXT.matcher(lower(body.message())).find()) {
      return contextLength(lower(body.message()), model, said("refused: " + body.shortMessage()));
    }
    String message = said((streamed ? "broke off its answer: " : "failed: ") + body.shortMessage());
    return streamed ? InferenceError.stream(message) : InferenceError.llm(true, message);
  }

  /**
   * The error of a connection that failed.
   *
   * @param begun whether the answer had begun
   * @param hint what to do about a server that cannot be reached; empty where there is nothing to
   *     say
   */
  InferenceError ofFailure(IOException e, boolean begun, String hint) {
    if (e instanceof ProviderFailure failure) {
      return failure.error();
    }
    if (e.getClass() == InterruptedIOException.class) {
      return expired();
    }
    if (begun) {
      return InferenceError.stream(
          said(
              e instanceof SocketTimeoutException
                  ? "sent nothing for %d s in the middle of its answer"
                      .formatted(config.timeouts().read().toSeconds())
                  : "broke off its answer (" + cause(e) + ")"));
    }
    if (e instanceof SSLPeerUnverifiedException
        || (e instanceof SSLException && e.getCause() instanceof CertificateException)) {
      return new InferenceError(
          ErrorCode.CONFIGURATION,
          said("has a certificate that is not trusted (" + cause(e) + ")"),
          Map.of(),
          null);
    }
    return InferenceError.http(
        said("cannot be reached at %s (%s)%s".formatted(config.baseUrl(), cause(e), hint)));
  }

  InferenceError expired() {
    return InferenceError.expired(said("did not answer before the deadline."));
  }

  static InferenceError cancelled() {
    return new InferenceError(ErrorCode.CANCELLED, "The call was cancelled.", Map.of(), null);
  }

  private static String cause(IOException e) {
    String message = e.getMessage() == null ? "" : ": " + e.getMessage();
    return e.getClass().getSimpleName() + message;
  }
}
