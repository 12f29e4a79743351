package io.afterimage.cli;

import io.afterimage.base.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a run remarks on the way. Held back until its work makes progress, or ends: input that is
 * refused is answered by one line that says why, not by what was assumed before.
 */
final class Remarks implements Consumer<String>, Progress {
  private final Consumer<String> out;
  private final Progress progress;
  private final List<String> held = new ArrayList<>();
  private boolean released;

  Remarks(Consumer<String> out, Progress progress) {
    this.out = out;
    this.progress = progress;
  }

  @Override
  public synchronized void accept(String remark) {
    if (released) {
      out.accept(remark);
    } else {
      held.add(remark);
    }
  }

  @Override
  public void at(String work, long done, long total) {
    release();
    progress.at(work, done, total);
  }

  @Override
  public void say(String line) {
    release();
    progress.say(line);
  }

  synchronized void release() {
    released = true;
    held.forEach(out);
    held.clear();
  }
}
