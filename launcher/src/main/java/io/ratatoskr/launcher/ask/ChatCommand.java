package io.ratatoskr.launcher.ask;

import io.ratatoskr.client.ChatRequest;
import io.ratatoskr.client.RatatoskrException;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.launcher.command.Failure;
import io.ratatoskr.schemas.chat.ChatInput;
import io.ratatoskr.schemas.chat.ChatMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Chats with a model. */
@Command(
    name = "chat",
    description = {
      "Ask a language model, and show the answer as it is made.",
      "",
      PromptCommand.IN_THIS_PROCESS,
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class ChatCommand extends PromptCommand {
  private static final String HELP =
      "/model X asks model X from now on, /model auto the first one again; /quit or Ctrl-D ends.";

  @Option(
      names = "--interactive",
      description = "Go on with the conversation, a line each time. " + HELP)
  private boolean interactive;

  private String asked = "";

  @Override
  void prepare() throws IOException {
    if (interactive && detaches()) {
      throw misuse("--interactive and --detach: leave one of them out");
    }
    if (interactive && hasText()) {
      throw misuse("--interactive reads what is asked line by line; leave TEXT out");
    }
    asked = interactive ? "" : text();
  }

  @Override
  int ask(Asking asking, RequestOptions options) throws InterruptedException, IOException {
    List<ChatMessage> messages = new ArrayList<>();
    String instructions = system();
    if (instructions != null) {
      messages.add(ChatMessage.system(instructions));
    }
    if (interactive) {
      return converse(asking, options, messages);
    }
    messages.add(ChatMessage.user(asked));
    ChatRequest request = request(asking.model(), messages, options);
    if (detaches()) {
      asking.send(request);
    } else {
      asking.ask(request);
    }
    return ExitCode.WHOLE;
  }

  private ChatRequest request(String model, List<ChatMessage> messages, RequestOptions options) {
    return new ChatRequest(model, ChatInput.of(messages, chatOptions()), options);
  }

  private int converse(Asking asking, RequestOptions options, List<ChatMessage> messages)
      throws InterruptedException, IOException {
    String first = asking.model();
    String model = first;
    err().println("Model " + model + ". " + HELP);
    RequestOptions inOne = options.withConversation(UUID.randomUUID().toString());
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = prompt(lines); line != null; line = prompt(lines)) {
      String said = line.strip();
      if (said.equals("/quit")) {
        break;
      }
      if (said.startsWith("/model ")) {
        String wanted = said.substring("/model ".length()).strip();
        model = wanted.equals("auto") ? first : wanted;
        err().println("Model " + model + ".");
      } else if (said.startsWith("/")) {
        err().println(HELP);
      } else if (!said.isEmpty()) {
        turn(asking, inOne, messages, model, said);
      }
    }
    return ExitCode.WHOLE;
  }

  private @Nullable String prompt(BufferedReader lines) throws IOException {
    err().print("> ");
    err().flush();
    return lines.readLine();
  }

  /** A turn that fails leaves the conversation as it was. */
  private void turn(
      Asking asking, RequestOptions options, List<ChatMessage> messages, String model, String said)
      throws InterruptedException {
    List<ChatMessage> asked = new ArrayList<>(messages);
    asked.add(ChatMessage.user(said));
    try {
      ChatMessage answer = asking.ask(request(model, asked, options)).answer().message();
      messages.clear();
      messages.addAll(asked);
      messages.add(answer);
    } catch (RatatoskrException | IllegalArgumentException e) {
      err().println(Failure.describe(e));
    }
  }
}
