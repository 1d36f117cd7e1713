package io.ratatoskr.policy.task;

import io.ratatoskr.settings.RawValue;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What is built in for each class: times, and the phrases by which it is known, English ones and
 * the commonest of some other languages. A phrase that can mean something else, such as {@code
 * function} or {@code solve}, is a hint. Those of {@code general} name what seems to belong
 * elsewhere and does not.
 */
final class BuiltInRules {

  private static final String QUICK =
      """
      hi, hello, hey, hi there, hello there, thanks, thank you, cheers, good morning, good afternoon
      good evening, good night, bye, goodbye, see you, ok, okay, yes, no, no thanks, got it, sounds good
      how are you, 👍, 👋
      hola, gracias, buenos días, bonjour, salut, merci, hallo, guten morgen, guten tag, danke, ciao, grazie
      olá, obrigado, obrigada, привет, здравствуйте, спасибо, 你好, 谢谢, こんにちは, ありがとう, مرحبا, شكرا
      """;
  private static final String QUICK_HINTS = "please, sure, welcome, great, perfect, nice";

  private static final String TOOLS =
      """
      search the web, search online, search the internet, look up the, google this, latest news, weather in
      weather forecast, exchange rate, stock price, set a timer, set an alarm, remind me to, set a reminder
      book a * table, book a * flight, book a * room, book a * ticket, find flights, find * flights
      send an email, send a message, send * a message, my calendar, schedule a meeting, schedule a call
      turn on the, turn off the, as json, json with the keys, call the * api, call the function, use the tool
      run the command, save it to, upload it to, order a * taxi, order a * pizza, play the song
      suche im internet, recherche sur internet, busca en internet
      """;
  private static final String TOOL_HINTS =
      "right now, look up, download, extract, today, json, api, calendar, schedule," + " fetch";

  private static final String EMBEDDING =
      """
      embed these, embed this, embed the * texts, embed the * sentences, embedding, embeddings
      embedding vector, cosine similarity, semantic search, semantic similarity, semantically similar
      vector search, vector index, vector database, nearest neighbour, nearest neighbours
      nearest neighbor, nearest neighbors, index these documents
      """;
  private static final String EMBEDDING_HINTS =
      "embed, vector, vectors, similarity, similar in meaning, cluster, near duplicates, index";

  private static final String CODE =
      """
      write a * function, write a * script, write a * program, write a * query, write a * method
      write a * class that, write a * test for, write * unit tests, unit test, unit tests, hello world
      write code, this code, the following code, source code, fix the bug, fix this bug, debug, refactor
      code review, pull request, merge conflict, stack trace, traceback, segmentation fault, memory leak
      compile error, compiler, nullpointerexception, null pointer exception, syntax error, type hints
      dependency injection, regex, regular expression, sql, javascript, typescript, c++, c#, golang, kotlin
      html, css, numpy, pandas, bash, dockerfile, kubernetes, git, git commit, python script, python program
      python function, java class, in python, in rust, in golang, in typescript, in javascript, in c++, in c#
      quicksort, linked list, binary search
      schreibe eine * funktion, écris une * fonction, écris un * programme, escribe una * función
      写一个函数, 排序, 代码, напиши функцию
      """;
  private static final String CODE_HINTS =
      """
      code, function, functions, method, class, implement, implementation, bug, fix, python, java, rust, ruby
      script, program, programming, algorithm, variable, loop, array, string, exception, throw, throws, parser
      constructor, endpoint, api, json, csv, csv file, database, library, module, repository, server, terminal
      command line, in c, in java, in go, docker, linux, import, compile, recursion, recursive, log files
      funktion, fonction, función, código
      """;

  private static final String GENERAL =
      """
      translate, translation, summarise, summarize, summary, proofread, rewrite, paraphrase, explain, recipe
      recommend, describe, write an email, write a * letter, write a * note, write a * message
      write a * invitation, cover letter, history of, story of, function of the
      point of, thanks to, spelling, synonym for, the meaning of
      übersetze, fasse * zusammen, erkläre, traduis, résume, explique, traduce, resume este, переведи, 翻译
      """;
  private static final String GENERAL_HINTS = "advice, tips, opinion, tell me about, what happened";

  private static final String CREATIVE =
      """
      poem, poems, haiku, limerick, sonnet, ballad, lyrics, write a * song, write a * story, write me a * story
      tell me a * story, short story, bedtime story, fairy tale, continue this story, continue the story
      diary entry, in the style of, brainstorm, come up with, tagline, slogan, screenplay, plot twist
      blog post, write a * scene, write a * dialogue, write a * monologue, science fiction
      gedicht, märchen, erzähle eine * geschichte, poème, raconte * histoire, racontez * histoire, poema
      cuéntame una * historia, стихотворение, сказку, 诗, 编一个故事, 写一个故事
      """;
  private static final String CREATIVE_HINTS =
      """
      story, song, novel, fantasy, myth, imagine, invent, make up, pretend, creative, character, villain
      dialogue, rhyme, poetry, fiction, names for, ideas, headline, catchy, captivating, vivid, imagery, geschichte, histoire, historia
      """;

  private static final String MATHEMATICAL =
      """
      prove that, solve for, derivative, integral of, eigenvalue, eigenvalues, polynomial, square root
      with respect to, probability of, how many ways, average speed, prime number, prime numbers, logarithm
      real roots, divided by, the probability, greatest common divisor, least common multiple, differential equation, standard deviation
      beweise dass, démontre que, demuestra que, докажи что, 证明, ∫, ∑, √, ∂, ∏
      """;
  private static final String MATHEMATICAL_HINTS =
      """
      calculate, compute, solve, evaluate, integrate, simplify, factorise, factorize, convert, prove, proof
      show that, theorem, lemma, equation, equations, integral, calculus, algebra, matrix, irrational
      integer, integers, mathematics, math, maths, average, percent, sum of, product of, area of, volume of
      perimeter, how many, how much, total amount, in total, remainder, half of, twice, value of, probability
      each pay, per hour, degrees, triangle, inequality
      berechne, calcule, calcula, wurzel, gleichung, вычисли, 计算
      """;

  private static final String DEEP =
      """
      compare and contrast, analyse, analyze, trade offs, tradeoffs, step by step, pros and cons
      advantages and disadvantages, strengths and weaknesses, long term consequences, root cause, root causes
      help me decide, critically, in depth, in detail, reason carefully, reason through, think through
      think carefully, think hard, explain your reasoning, logic puzzle, riddle, weigh the, weigh up, implications of, design a strategy
      competing explanations, vor und nachteile, analysiere, avantages et inconvénients, ventajas y desventajas
      分析, 比较
      """;
  private static final String DEEP_HINTS =
      """
      compare, contrast, evaluate, assess, weigh, consider, discuss, argument, arguments, consequences, strategy
      plan, risks, risk, mitigations, hypotheses, hypothesis, both sides, explanations, why did, reinforce
      decide, reasoning, vergleiche, évalue, compara
      """;

  private BuiltInRules() {}

  /** The entry that a configuration file could hold for a class. */
  static Map<String, RawValue> entry(TaskClass taskClass) {
    return switch (taskClass) {
      case QUICK_RESPONSE -> entry(taskClass, "5s", "100ms", QUICK, QUICK_HINTS);
      case TOOL_USE -> entry(taskClass, "30s", "500ms", TOOLS, TOOL_HINTS);
      case EMBEDDING -> entry(taskClass, "10s", "200ms", EMBEDDING, EMBEDDING_HINTS);
      case CODE_GENERATION -> entry(taskClass, "1m", "2s", CODE, CODE_HINTS);
      case GENERAL -> entry(taskClass, "1m", "1s", GENERAL, GENERAL_HINTS);
      case CREATIVE -> entry(taskClass, "1m", "1s", CREATIVE, CREATIVE_HINTS);
      case MATHEMATICAL -> entry(taskClass, "90s", "3s", MATHEMATICAL, MATHEMATICAL_HINTS);
      case DEEP_THINKING -> entry(taskClass, "2m", "5s", DEEP, DEEP_HINTS);
    };
  }

  private static Map<String, RawValue> entry(
      TaskClass taskClass, String timeout, String firstToken, String keywords, String hints) {
    return Map.of(
        TaskRule.NAME.key(), new RawValue.Text(taskClass.className()),
        TaskRule.TIMEOUT.key(), new RawValue.Text(timeout),
        TaskRule.FIRST_TOKEN.key(), new RawValue.Text(firstToken),
        TaskRule.KEYWORDS.key(), new RawValue.Many(phrases(keywords)),
        TaskRule.HINTS.key(), new RawValue.Many(phrases(hints)));
  }

  private static List<String> phrases(String lines) {
    return Arrays.stream(lines.split("[,\n]", -1))
        .map(String::strip)
        .filter(phrase -> !phrase.isEmpty())
        .toList();
  }
}
