package io.ratatoskr.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexFolderIT {
  @TempDir private Path folder;

  private Path part(CorpusConfig config) throws IOException {
    return IndexFolder.of(config).part("texts", _ -> {});
  }

  @Test
  void fieldsThatReadTheSameWhenJoined_haveFoldersOfTheirOwn() throws IOException {
    List<Corpora.Doc> docs = List.of(new Corpora.Doc("1", "ash"));
    CorpusConfig config =
        CorpusConfig.of(Corpora.vectors(folder, docs), Corpora.texts(folder, docs));

    Path one = part(config.withFields("a|b", "c"));

    assertThat(part(config.withFields("a|b", "c"))).isEqualTo(one);
    assertThat(part(config.withFields("a", "b|c"))).isNotEqualTo(one);
    assertThat(part(config.withFields("a\",\"b", "c"))).isNotEqualTo(one);
    assertThat(part(config.withFields("c", "a|b"))).isNotEqualTo(one);
  }
}
