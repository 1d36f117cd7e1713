package io.ratatoskr.policy.task;

/**
 * Something in a prompt that speaks for a class.
 *
 * @param weight how much, positive; 1 is a keyword
 * @param what for people
 */
record Evidence(TaskClass taskClass, double weight, String what) {}
