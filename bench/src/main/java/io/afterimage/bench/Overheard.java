package io.afterimage.bench;

import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.target.Answers;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.TargetInfo;
import java.util.ArrayList;
import java.util.List;

/** A target that keeps what it was asked, and what it answered. It stays another's to close. */
final class Overheard implements ScoreTarget {
  private final ScoreTarget target;
  private final List<Question> questions = new ArrayList<>();

  Overheard(ScoreTarget target) {
    this.target = target;
  }

  /**
   * Rows that were asked about at a time.
   *
   * @param pictures row after row
   */
  record Question(float[] pictures, Predictions answers) {
    int rows() {
      return answers.rows();
    }
  }

  /** All of them, in their order. */
  List<Question> questions() {
    return questions;
  }

  @Override
  public Predictions scores(Dataset rows) {
    Predictions answers = target.scores(rows);
    float[] pictures = ((Column.Array) rows.inputs().get(0)).values();
    questions.add(new Question(pictures, answers));
    return answers;
  }

  @Override
  public TargetInfo info() {
    return target.info();
  }

  @Override
  public Answers answers() {
    return target.answers();
  }
}
