package io.ratatoskr.bench;

import tools.jackson.databind.json.JsonMapper;

/**
 * What a client of chats does next.
 *
 * @param kind what is done with each answer
 * @param requests how many are asked for
 * @param concurrency of them at once
 * @param plan of each answer, tagged with its number
 */
record ChatLoad(Kind kind, int requests, int concurrency, Plan plan) {

  /** What is done with an answer. */
  enum Kind {
    /** It is asked for in one piece. */
    WHOLE,
    /** It is streamed and checked. */
    STREAMED,
    /** It is streamed, and cancelled after some pieces. */
    CANCELLED,
    /** It is streamed, and nobody reads it before its end. */
    UNREAD,
    /** The same, and the heap is collected and looked at now and then. */
    WEIGHED
  }

  static ChatLoad whole(int requests, int concurrency, Plan plan) {
    return new ChatLoad(Kind.WHOLE, requests, concurrency, plan);
  }

  static ChatLoad streamed(int requests, int concurrency, Plan plan) {
    return new ChatLoad(Kind.STREAMED, requests, concurrency, plan);
  }

  static ChatLoad cancelled(int requests, Plan plan) {
    return new ChatLoad(Kind.CANCELLED, requests, 1, plan);
  }

  static ChatLoad unread(int requests, Plan plan) {
    return new ChatLoad(Kind.UNREAD, requests, 1, plan);
  }

  static ChatLoad weighed(int requests, Plan plan) {
    return new ChatLoad(Kind.WEIGHED, requests, 1, plan);
  }

  /** As it is told to the process of a client. */
  String line() {
    return JsonMapper.shared().writeValueAsString(this);
  }

  static ChatLoad of(String line) {
    return JsonMapper.shared().readValue(line, ChatLoad.class);
  }
}
