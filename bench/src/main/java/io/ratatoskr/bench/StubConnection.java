package io.ratatoskr.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One connection of the {@link StubProvider}: HTTP/1.1, one call after another. */
final class StubConnection {
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
  private static final Pattern STREAM = Pattern.compile("\"stream\" *: *true");
  private static final String HEAD_END = "\r\n\r\n";

  /** What is written at once, about, where pieces go as fast as they are taken. */
  private static final int ROOM = 32 * 1024;

  private static final String EVENT =
      "data:"
          + " {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1764288000,"
          + "\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"";
  private static final String EVENT_END = "\"},\"finish_reason\":null}]}\n\n";
  private static final byte[] STREAM_HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
          .getBytes(ISO_8859_1);
  private static final byte[] BODY_END = "0\r\n\r\n".getBytes(ISO_8859_1);

  private final SocketChannel channel;
  private final SelectionKey key;
  private ByteBuffer in = ByteBuffer.allocate(4096);
  private ByteBuffer out = ByteBuffer.allocate(0);
  private @Nullable Plan plan;
  private boolean streamed;
  private int sent;
  private long begin;
  private long due;

  StubConnection(SocketChannel channel, SelectionKey key) {
    this.channel = channel;
    this.key = key;
  }

  /** When it has something to write, by {@link System#nanoTime}. */
  long due() {
    return due;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** The plan of the answer under way. */
  Optional<Plan> answering() {
    return Optional.ofNullable(plan);
  }

  /** Whether it has nothing to write before {@link #due}. */
  boolean isWaiting() {
    return plan != null && !out.hasRemaining();
  }

  /**
   * Reads what is there; returns whether a request is whole.
   *
   * @throws IOException if the other side has closed
   */
  boolean read() throws IOException {
    if (!in.hasRemaining()) {
      in = ByteBuffer.allocate(in.capacity() * 2).put(in.flip());
    }
    if (channel.read(in) < 0) {
      throw new EOFException("closed");
    }
    if (plan != null) {
      return false;
    }
    String text = new String(in.array(), 0, in.position(), ISO_8859_1);
    int head = text.indexOf(HEAD_END);
    if (head < 0) {
      return false;
    }
    Matcher length = LENGTH.matcher(text);
    int body = head + HEAD_END.length();
    int end = body + (length.find() ? Integer.parseInt(length.group(1)) : 0);
    if (text.length() < end) {
      return false;
    }
    in.clear();
    begin(text.substring(body, end));
    return true;
  }

  private void begin(String body) throws IOException {
    Plan wanted = Plan.in(body).orElseThrow(() -> new IOException("there is no plan in " + body));
    plan = wanted;
    streamed = STREAM.matcher(body).find();
    sent = 0;
    begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wanted.latencyMillis());
    due = begin;
  }

  /**
   * Writes what is due.
   *
   * @return pieces that were begun
   */
  int write() throws IOException {
    int before = sent;
    while (!out.hasRemaining() && plan != null && due <= System.nanoTime()) {
      fill(plan);
      channel.write(out);
    }
    if (out.hasRemaining()) {
      channel.write(out);
    }
    // A request that is whole has been read; what follows would be the other side's end.
    key.interestOps(
        out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    return sent - before;
  }

  private void fill(Plan answer) {
    if (!streamed) {
      whole(answer);
      return;
    }
    StringBuilder events = new StringBuilder(256);
    long now = System.nanoTime();
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    boolean first = sent == 0;
    do {
      if (sent < answer.tokens()) {
        events.append(EVENT).append(answer.piece(sent, micros)).append(EVENT_END);
        sent++;
      }
      due =
          answer.perSecond() == 0
              ? now
              : begin + sent * TimeUnit.SECONDS.toNanos(1) / answer.perSecond();
    } while (sent < answer.tokens() && due <= now && events.length() < ROOM);
    if (answer.perSecond() == 0) {
      due = now + StubProvider.TICK_NANOS;
    }
    boolean last = sent == answer.tokens();
    if (last) {
      events.append(
          ("data:"
               + " {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1764288000,\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
               + "data:"
               + " {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1764288000,\"model\":\"bench\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":%d,\"total_tokens\":%d}}\n\n"
               + "data: [DONE]\n\n")
              .formatted(sent, sent + 9));
      plan = null;
    }
    byte[] data = events.toString().getBytes(ISO_8859_1);
    byte[] size = (Integer.toHexString(data.length) + "\r\n").getBytes(ISO_8859_1);
    ByteBuffer next =
        ByteBuffer.allocate(STREAM_HEAD.length + size.length + data.length + 2 + BODY_END.length);
    if (first) {
      next.put(STREAM_HEAD);
    }
    next.put(size).put(data).put((byte) '\r').put((byte) '\n');
    if (last) {
      next.put(BODY_END);
    }
    out = next.flip();
  }

  private void whole(Plan answer) {
    StringBuilder text = new StringBuilder();
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    for (int i = 0; i < answer.tokens(); i++) {
      text.append(answer.piece(i, micros));
    }
    byte[] body =
        ("{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion\",\"created\":1764288000,"
             + "\"model\":\"bench\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
             + "\"content\":\"%s\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,"
             + "\"completion_tokens\":%d,\"total_tokens\":%d}}")
            .formatted(text, answer.tokens(), answer.tokens() + 9)
            .getBytes(ISO_8859_1);
    byte[] head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(body.length)
            .getBytes(ISO_8859_1);
    out = ByteBuffer.allocate(head.length + body.length).put(head).put(body).flip();
    sent = answer.tokens();
    plan = null;
  }

  void close() {
    plan = null;
    key.cancel();
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }
}
