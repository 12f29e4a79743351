package io.afterimage.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.ScopePerTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Operators on texts, by hand. */
@ExtendWith(ScopePerTest.class)
class TextOpsTest {
  private static GraphBuilder graph() {
    GraphBuilder g = new GraphBuilder("texts");
    g.input("t", ElementType.STRING, "N");
    g.output(g.node("Identity", "t").to("same"), ElementType.STRING, "N");
    return g;
  }

  private static Value run(GraphBuilder g, String value, String... texts) {
    try (Interpreter interpreter = Interpreter.of(g.build())) {
      Value input = new Value.Strings(List.of(texts), new long[] {texts.length});
      return requireNonNull(interpreter.run(Map.of("t", input), List.of(value)).get(value));
    }
  }

  private static double[] numbers(Value value) {
    return ((Value.Numbers) value).tensor().toDoubles();
  }

  private static List<String> texts(Value value) {
    return ((Value.Strings) value).values();
  }

  @Test
  void stopWordsAreDroppedAndCaseChanges() {
    GraphBuilder g = graph();
    g.node("StringNormalizer", "t")
        .with("case_change_action", "UPPER")
        .with("stopwords", List.of("The"))
        .to("any");
    g.node("StringNormalizer", "t")
        .with("is_case_sensitive", 1)
        .with("stopwords", List.of("The"))
        .to("exact");
    assertThat(texts(run(g, "any", "the", "Cat", "THE"))).containsExactly("CAT");
    assertThat(texts(run(g, "exact", "the", "Cat", "The"))).containsExactly("the", "Cat");
    assertThat(texts(run(g, "any", "the"))).containsExactly("");
  }

  @Test
  void textsAreJoinedElementByElement() {
    GraphBuilder g = graph();
    g.initializer("end", List.of("!", "?"), 2, 1);
    g.node("StringConcat", "t", "end").to("y");
    Value joined = run(g, "y", "a", "b", "c");
    assertThat(joined.shape()).containsExactly(2, 3);
    assertThat(texts(joined)).containsExactly("a!", "b!", "c!", "a?", "b?", "c?");
  }

  @Test
  void textsAreSplitAtDelimitersOrBlanks() {
    GraphBuilder g = graph();
    g.node("StringSplit", "t").with("delimiter", ",").with("maxsplit", 2).to("parts", "counts");
    g.node("StringSplit", "t").with("maxsplit", 1).to("words", "number");
    Value parts = run(g, "parts", "a,b,c,d", "", "x");
    assertThat(parts.shape()).containsExactly(3, 3);
    assertThat(texts(parts)).containsExactly("a", "b", "c,d", "", "", "", "x", "", "");
    assertThat(numbers(run(g, "counts", "a,b,c,d", "", "x"))).containsExactly(3, 1, 1);
    assertThat(texts(run(g, "words", "  one  two three ", " ")))
        .containsExactly("one", "two three ", "", "");
    assertThat(numbers(run(g, "number", "  one  two three ", " "))).containsExactly(2, 0);
  }

  @Test
  void wholeTextsAreMatched() {
    GraphBuilder g = graph();
    g.node("RegexFullMatch", "t").with("pattern", "[a-z]+@x\\.org").to("y");
    assertThat(numbers(run(g, "y", "me@x.org", "me@x.org ", "@x.org"))).containsExactly(1, 0, 0);
  }

  @Test
  @Timeout(20)
  void hostilePatternsTakeLinearTime() {
    GraphBuilder g = graph();
    g.node("RegexFullMatch", "t").with("pattern", "(a|aa)*(a*)*b").to("slow");
    g.node("RegexFullMatch", "t").with("pattern", "((((a{30}){30}){30}){30}){30}").to("wide");
    g.node("RegexFullMatch", "t").with("pattern", "(").to("broken");
    g.node("RegexFullMatch", "t").with("pattern", "a".repeat(20_000)).to("long");
    assertThat(numbers(run(g, "slow", "a".repeat(20_000)))).containsExactly(0);
    refused(g, "wide");
    refused(g, "broken");
    refused(g, "long");
  }

  private static void refused(GraphBuilder g, String value) {
    assertThatThrownBy(() -> run(g, value, "a"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("RegexFullMatch \"" + value + "\" has a pattern")
        .hasMessageNotContaining("\n");
  }

  @Test
  void runsOfWordsAreCountedAndWeighed() {
    GraphBuilder g = graph();
    g.node("TfIdfVectorizer", "t")
        .with("mode", "TFIDF")
        .with("min_gram_length", 1)
        .with("max_gram_length", 2)
        .with("max_skip_count", 1)
        .with("ngram_counts", new long[] {0, 2})
        .with("ngram_indexes", new long[] {0, 1, 3})
        .with("pool_strings", List.of("a", "b", "a", "b"))
        .with("weights", new float[] {1, 10, 0.5f})
        .to("y");
    // a: 2 times; b: 1; "a b" once side by side and once with a word between.
    assertThat(numbers(run(g, "y", "a", "a", "b"))).containsExactly(2, 10, 0, 1);
  }

  @Test
  void equalTextsAreEqual() {
    GraphBuilder g = graph();
    g.initializer("b", List.of("b"), 1);
    g.node("Equal", "t", "b").to("y");
    assertThat(numbers(run(g, "y", "a", "b"))).containsExactly(0, 1);
  }

  @Test
  void textsThatDoubleInALoopAreRefused() {
    GraphBuilder body = new GraphBuilder("body");
    body.input("i", ElementType.INT64);
    body.input("goes", ElementType.BOOL);
    body.input("s", ElementType.STRING, "N");
    body.output("goes", ElementType.BOOL);
    body.output(body.node("StringConcat", "s", "s").to("ss"), ElementType.STRING, "N");
    GraphBuilder g = graph();
    g.node("Loop", "", "", "t").with("body", body).to("y");
    assertThatThrownBy(() -> run(g, "y", "a"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("StringConcat \"y/body/ss\" makes texts of more than");
  }
}
