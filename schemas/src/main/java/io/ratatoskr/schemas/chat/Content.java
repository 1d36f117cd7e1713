package io.ratatoskr.schemas.chat;

/** A part of a message or an answer. Images and audio are to come. */
public sealed interface Content permits TextContent {}
