package io.afterimage.target;

import io.afterimage.base.Checks;

/**
 * Scores chosen rows in one run.
 *
 * @param output the output that is read
 * @param reader how
 * @param limit of each run
 */
record Scorer(
    OnnxSession session,
    String model,
    String output,
    OnnxSession.Reader<RawAnswers> reader,
    TimeLimit limit) {
  /** The same of another session. */
  Scorer in(OnnxSession other) {
    return new Scorer(other, model, output, reader, limit);
  }

  /** One answer for each of these rows; a BadInputException where the graph gives more or fewer. */
  RawAnswers run(Binding binding, int[] rows) {
    RawAnswers answers = session.run(binding.tensors(rows), output, limit, reader);
    Checks.check(
        answers.rows() == rows.length && answers.columns() > 0,
        "%s: output %s answers %d rows when given %d",
        model,
        output,
        answers.rows(),
        rows.length);
    return answers;
  }
}
