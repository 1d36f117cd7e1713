package io.ratatoskr.launcher.ask;

import io.ratatoskr.client.GenerateRequest;
import io.ratatoskr.client.RequestOptions;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.schemas.chat.GenerateInput;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Has a model answer or continue one prompt. */
@Command(
    name = "generate",
    description = {
      "Have a language model answer or continue one prompt.",
      "",
      PromptCommand.IN_THIS_PROCESS,
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class GenerateCommand extends PromptCommand {

  private String asked = "";

  @Override
  void prepare() throws IOException {
    asked = text();
  }

  @Override
  int ask(Asking asking, RequestOptions options) throws InterruptedException {
    GenerateRequest request =
        new GenerateRequest(
            asking.model(),
            new GenerateInput(asked, Optional.ofNullable(system()), chatOptions()),
            options);
    if (detaches()) {
      asking.send(request);
    } else {
      asking.ask(request);
    }
    return ExitCode.WHOLE;
  }
}
