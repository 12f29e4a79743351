package io.afterimage.attack.membership;

import static io.afterimage.base.Checks.check;

import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Pictures moved by a few pixels to all sides, and mirrored. What comes in at an edge repeats the
 * edge. Pictures are height x width, channels x height x width, or height x width x channels where
 * the last extent alone is 1 or 3.
 */
record PictureCopies(List<Change> changes) implements Copies {
  /** How a copy differs: moved right, then down, then mirrored left to right. */
  record Change(int right, int down, boolean mirrored) {}

  /** All changes by at most so many pixels. */
  static PictureCopies of(int shift, boolean flip) {
    List<Change> changes = new ArrayList<>();
    for (int right = -shift; right <= shift; right++) {
      for (int down = -shift; down <= shift; down++) {
        changes.add(new Change(right, down, false));
        if (flip) {
          changes.add(new Change(right, down, true));
        }
      }
    }
    changes.remove(new Change(0, 0, false));
    return new PictureCopies(List.copyOf(changes));
  }

  /** Whether rows are pictures. */
  static boolean suit(Dataset rows) {
    return rows.inputs().size() == 1
        && rows.inputs().get(0) instanceof Column.Array array
        && (array.shape().rank() == 2 || array.shape().rank() == 3);
  }

  /** Rows as they are, then with each of these changes. */
  static List<UnaryOperator<Dataset>> versions(int shift, boolean flip) {
    List<UnaryOperator<Dataset>> versions = new ArrayList<>();
    versions.add(UnaryOperator.identity());
    for (Change change : of(shift, flip).changes()) {
      PictureCopies copies = new PictureCopies(List.of(change));
      versions.add(copies::version);
    }
    return versions;
  }

  private Dataset version(Dataset rows) {
    check(suit(rows), "--shift and --flip are for pictures, which %s does not hold", rows.name());
    return of(rows, 0, rows.rows());
  }

  @Override
  public int count() {
    return changes.size();
  }

  @Override
  public Dataset of(Dataset rows, int from, int to) {
    Column.Array pictures = (Column.Array) rows.inputs().get(0);
    Shape shape = pictures.shape();
    Plan plan = Plan.of(shape);
    float[] copies = new float[Math.multiplyExact((to - from) * count(), shape.size())];
    int offset = 0;
    for (int row = from; row < to; row++) {
      float[] picture = pictures.row(row);
      for (Change change : changes) {
        plan.write(picture, change, copies, offset);
        offset += picture.length;
      }
    }
    return rows.select(originals(from, to)).with(new Column.Array(pictures.name(), copies, shape));
  }

  /** Where the pixels of a picture stand. */
  private record Plan(int channels, int height, int width, boolean channelsLast) {
    static Plan of(Shape shape) {
      if (shape.rank() == 2) {
        return new Plan(1, shape.extent(0), shape.extent(1), false);
      }
      boolean last = isChannels(shape.extent(2)) && !isChannels(shape.extent(0));
      return last
          ? new Plan(shape.extent(2), shape.extent(0), shape.extent(1), true)
          : new Plan(shape.extent(0), shape.extent(1), shape.extent(2), false);
    }

    private static boolean isChannels(int extent) {
      return extent == 1 || extent == 3;
    }

    void write(float[] picture, Change change, float[] into, int offset) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int seen = change.mirrored() ? width - 1 - x : x;
          int fromX = within(seen - change.right(), width);
          int fromY = within(y - change.down(), height);
          for (int c = 0; c < channels; c++) {
            into[offset + at(c, y, x)] = picture[at(c, fromY, fromX)];
          }
        }
      }
    }

    private static int within(int place, int extent) {
      return Math.max(0, Math.min(extent - 1, place));
    }

    private int at(int c, int y, int x) {
      return channelsLast ? (y * width + x) * channels + c : (c * height + y) * width + x;
    }
  }
}
