package io.ratatoskr.launcher.ask;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.client.Ratatoskr;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.client.TokenizeReply;
import io.ratatoskr.client.TokenizeRequest;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.ModelsOptions;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.tokenize.ModelTokenizer;
import io.ratatoskr.tokenize.Token;
import io.ratatoskr.tokenize.Tokenizers;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Counts the tokens of a text. */
@Command(
    name = "tokens",
    description = {
      "Count the tokens of a TEXT for a model, or show them.",
      "",
      "Without --bootstrap this runs in this process, without a broker. Where another tokenizer"
          + " stands in for the model's own, standard error says which and how far off it is known"
          + " to be.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class TokensCommand implements Callable<Integer>, ItemForm.Known {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "TEXT",
      description = "The text; - reads it from standard input, whole, as UTF-8.")
  private @Nullable String text;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description =
          "A name, or what begins with one, of those that --list shows; or the path of a "
              + "tokenizer.json or of a folder with one.")
  private @Nullable String model;

  @Option(
      names = "--detail",
      description = "Show each token: id, first byte, byte behind its last, and its text.")
  private boolean detail;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(names = "--list", description = "Show the names that are known, instead of counting.")
  private boolean list;

  @Mixin private ModelsOptions models = new ModelsOptions();

  @Mixin private PipelineOptions pipeline = new PipelineOptions();

  /** The tokens of a text, counted in this process or by a worker. */
  private record Counted(
      String tokenizer,
      boolean approximate,
      Optional<String> note,
      int count,
      List<Token> tokens) {}

  @Override
  public ItemForm<TokenizeReply, TokenizeReply.Counted> form() {
    return new ItemForm<>(
        TokenizeReply.class,
        TokenizeReply.Counted.class,
        (item, reply, out, asJson) ->
            out.println(
                asJson
                    ? JsonMapper.shared()
                        .createObjectNode()
                        .put("count", item.count())
                        .put("model", reply.model())
                        .put("approximate", reply.approximate())
                        .toString()
                    : Integer.toString(item.count())));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Configuration configuration = pipeline.configuration(models);
    if (pipeline.bootstrap() != null && models.folderIsGiven()) {
      throw misuse(
          "--models-dir: the pipeline at --bootstrap has its own models: serve this folder there "
              + "with 'serve nli --models-dir'");
    }
    try (Tokenizers tokenizers = Tokenizers.standard()) {
      configuration.embed().store().registerTokenizers(tokenizers);
      if (list) {
        return list(tokenizers);
      }
      if (model == null || text == null) {
        throw misuse(
            model == null ? "give --model, or --list" : "give a TEXT, or - for standard input");
      }
      String whole = text.equals("-") ? read(System.in) : text;
      print(
          model,
          pipeline.bootstrap() == null
              ? here(find(tokenizers, model), whole)
              : elsewhere(model, whole, configuration));
      return ExitCode.WHOLE;
    }
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private Counted here(ModelTokenizer tokenizer, String whole) {
    List<Token> tokens = detail ? tokenizer.tokenize(whole) : List.of();
    return new Counted(
        tokenizer.name(),
        tokenizer.approximate(),
        tokenizer.approximation(),
        detail ? tokens.size() : tokenizer.count(whole),
        tokens);
  }

  private Counted elsewhere(String name, String whole, Configuration configuration)
      throws InterruptedException {
    try (Ratatoskr ratatoskr =
        pipeline.open(null, List.of(name), Lane.INTERACTIVE, configuration)) {
      TokenizeReply reply =
          Futures.await(
              ratatoskr.tokenize(
                  TokenizeRequest.of(name, whole)
                      .withDetail(detail)
                      .withOptions(pipeline.label(RequestOptions.defaults()))));
      TokenizeReply.Counted counted = reply.count();
      return new Counted(
          reply.provenance().model(),
          reply.approximate(),
          Optional.empty(),
          counted.count(),
          counted.tokens().stream()
              .map(token -> new Token(token.id(), token.text(), token.start(), token.end()))
              .toList());
    }
  }

  private static ModelTokenizer find(Tokenizers tokenizers, String model) {
    Path file = tokenizerFile(model);
    if (file != null) {
      tokenizers.register(model, file);
    }
    return tokenizers.of(model);
  }

  private static @Nullable Path tokenizerFile(String model) {
    try {
      Path path = Path.of(model);
      Path file = Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
      return Files.isRegularFile(file) ? file : null;
    } catch (InvalidPathException e) {
      // A name that is no path on this system, such as llama3.1:8b on Windows.
      return null;
    }
  }

  /** All of a stream; not UTF-8 is refused, since offsets into it would mean nothing. */
  static String read(InputStream in) throws IOException {
    byte[] bytes = in.readAllBytes();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("Standard input is not UTF-8.", e);
    }
  }

  private void print(String name, Counted counted) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (json) {
      out.println(object(name, counted));
    } else {
      for (Token token : counted.tokens()) {
        String shown = JsonMapper.shared().writeValueAsString(token.text());
        out.printf("%d\t%d\t%d\t%s%n", token.id(), token.start(), token.end(), shown);
      }
      if (!detail) {
        out.println(counted.count());
      }
      if (counted.approximate()) {
        String note = counted.note().map(why -> ": " + why).orElse("; docs/tokens.md says how far");
        err.println("approximate, by " + counted.tokenizer() + note);
      }
    }
    out.flush();
    err.flush();
  }

  private ObjectNode object(String name, Counted counted) {
    ObjectNode object = JsonMapper.shared().createObjectNode();
    object.put("model", name).put("tokenizer", counted.tokenizer());
    object.put("approximate", counted.approximate());
    counted.note().ifPresent(note -> object.put("note", note));
    object.put("count", counted.count());
    if (detail) {
      ArrayNode array = object.putArray("tokens");
      for (Token token : counted.tokens()) {
        array
            .addObject()
            .put("id", token.id())
            .put("text", token.text())
            .put("start", token.start())
            .put("end", token.end());
      }
    }
    return object;
  }

  private int list(Tokenizers tokenizers) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ArrayNode array = JsonMapper.shared().createArrayNode();
      for (String name : tokenizers.names()) {
        ModelTokenizer tokenizer = tokenizers.of(name);
        ObjectNode entry = array.addObject();
        entry.put("name", name).put("tokenizer", tokenizer.name());
        entry.put("approximate", tokenizer.approximate());
        tokenizer.approximation().ifPresent(note -> entry.put("note", note));
      }
      out.println(array);
    } else {
      for (String name : tokenizers.names()) {
        ModelTokenizer tokenizer = tokenizers.of(name);
        out.printf(
            "%-24s %-20s %s%n",
            name,
            tokenizer.name(),
            tokenizer.approximation().map(note -> "approximate: " + note).orElse("").strip());
      }
    }
    out.flush();
    return ExitCode.WHOLE;
  }
}
