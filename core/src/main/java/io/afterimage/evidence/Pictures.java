package io.afterimage.evidence;

import io.afterimage.base.Checks;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a person needs to judge reconstructions by eye: how their numbers make a picture, and real
 * pictures to lay beside each. Personal data, as reconstructions are.
 *
 * @param frame how numbers make a picture
 * @param panels what to lay beside the reconstructions, in the order of the report: the record
 *     itself, nearest training image, nearest non-member, class mean
 */
public record Pictures(Frame frame, List<Panel> panels) {
  public Pictures {
    panels = List.copyOf(panels);
  }

  /**
   * Lays beside each reconstruction the record behind it, where there is one, the nearest member
   * and the nearest non-member, as the judge found them, and the mean of the members of its class.
   * A panel is left out where the judge could not look for it.
   */
  public static Pictures beside(
      Frame frame, Reconstructions judged, Dataset members, Dataset nonMembers) {
    List<Panel> panels = new ArrayList<>();
    if (judged.origins().count() > 0) {
      panels.add(records(frame, judged.origins(), members, nonMembers));
    }
    nearest("nearest training image", frame, judged, Reconstructions.NEAREST_MEMBER_ROW, members)
        .ifPresent(panels::add);
    nearest("nearest non-member", frame, judged, Reconstructions.NEAREST_NONMEMBER_ROW, nonMembers)
        .ifPresent(panels::add);
    panels.add(means(frame, judged, members));
    return new Pictures(frame, panels);
  }

  private static Panel records(Frame frame, Origins origins, Dataset members, Dataset nonMembers) {
    Map<String, Integer> trained = places(members);
    Map<String, Integer> others = places(nonMembers);
    List<String> ids = new ArrayList<>();
    float[] pixels = new float[origins.count() * frame.size()];
    for (int i = 0; i < origins.count(); i++) {
      boolean member = origins.isMember(i);
      Integer place = (member ? trained : others).get(origins.id(i));
      ids.add(place == null ? "" : origins.id(i));
      if (place != null) {
        put(pixels, i, row(member ? members : nonMembers, place, frame));
      }
    }
    return new Panel("the record itself", ids, pixels);
  }

  /** Where each record stands. */
  private static Map<String, Integer> places(Dataset rows) {
    Map<String, Integer> places = new HashMap<>();
    for (int row = 0; row < rows.rows(); row++) {
      places.put(rows.id(row), row);
    }
    return places;
  }

  private static Optional<Panel> nearest(
      String title, Frame frame, Reconstructions judged, String answer, Dataset rows) {
    return Optional.ofNullable(judged.judged().get(answer))
        .map(
            nearest -> {
              List<String> ids = new ArrayList<>();
              float[] pixels = new float[nearest.length * frame.size()];
              for (int i = 0; i < nearest.length; i++) {
                boolean found = nearest[i] >= 0;
                ids.add(found ? rows.id((int) nearest[i]) : "");
                if (found) {
                  put(pixels, i, row(rows, (int) nearest[i], frame));
                }
              }
              return new Panel(title, ids, pixels);
            });
  }

  private static Panel means(Frame frame, Reconstructions judged, Dataset members) {
    int[] classes = members.classes();
    List<String> ids = new ArrayList<>();
    float[] pixels = new float[judged.count() * frame.size()];
    for (int i = 0; i < judged.count(); i++) {
      int subject = judged.classes()[i];
      int[] rows =
          IntStream.range(0, classes.length).filter(row -> classes[row] == subject).toArray();
      ids.add(rows.length > 0 ? judged.classNames().get(subject) : "");
      put(pixels, i, mean(members, rows, frame));
    }
    return new Panel("class mean", ids, pixels);
  }

  private static float[] mean(Dataset members, int[] rows, Frame frame) {
    float[] mean = new float[frame.size()];
    for (int row : rows) {
      float[] picture = row(members, row, frame);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += picture[i] / rows.length;
      }
    }
    return mean;
  }

  private static void put(float[] pixels, int index, float[] picture) {
    System.arraycopy(picture, 0, pixels, index * picture.length, picture.length);
  }

  /** The inputs of one row: one array, or numbers side by side. */
  private static float[] row(Dataset rows, int row, Frame frame) {
    List<Column> inputs = rows.inputs();
    float[] numbers = new float[inputs.size()];
    if (inputs.size() == 1 && inputs.get(0) instanceof Column.Array array) {
      numbers = array.row(row);
    } else {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = inputs.get(i) instanceof Column.Numeric n ? (float) n.get(row) : Float.NaN;
      }
    }
    Checks.check(
        numbers.length == frame.size(),
        "%s has %d numbers a row, but a picture of %dx%dx%d takes %d",
        rows.name(),
        numbers.length,
        frame.height(),
        frame.width(),
        frame.channels(),
        frame.size());
    return numbers;
  }

  /**
   * How a row of numbers makes a picture.
   *
   * @param height in pixels; 1 for a row of a table, drawn as a strip
   * @param width in pixels
   * @param channels 1 for grey, 3 for red, green and blue
   * @param channelsFirst whether a channel's pixels stand together (CHW) or a pixel's channels do
   *     (HWC)
   * @param black the number that is drawn black
   * @param white the number that is drawn white; above black
   */
  public record Frame(
      int height, int width, int channels, boolean channelsFirst, float black, float white) {
    private static final int MOST_PIXELS = 1 << 24;

    public Frame {
      Checks.inRange("a picture's height", height, 1, MOST_PIXELS);
      Checks.inRange("a picture's width", width, 1, MOST_PIXELS);
      Checks.inRange("a picture's pixels", (long) height * width, 1, MOST_PIXELS);
      Checks.check(
          channels == 1 || channels == 3,
          "a picture's channels must be 1 or 3, but are %d",
          channels);
      Checks.check(
          Float.isFinite(black) && Float.isFinite(white) && black < white,
          "a picture's white must be above its black and both finite, but they are %s and %s",
          white,
          black);
    }

    /**
     * The frame that a row of this shape suggests: height and width, with channels before or behind
     * them; a square where a row is flat and its length a square number; else a strip.
     */
    public static Frame of(Shape shape, float black, float white) {
      int[] extents = shape.extents();
      if (extents.length == 3 && (extents[0] == 1 || extents[0] == 3)) {
        return new Frame(extents[1], extents[2], extents[0], true, black, white);
      }
      if (extents.length == 3 && (extents[2] == 1 || extents[2] == 3)) {
        return new Frame(extents[0], extents[1], extents[2], false, black, white);
      }
      if (extents.length == 2) {
        return new Frame(extents[0], extents[1], 1, true, black, white);
      }
      int side = (int) Math.round(Math.sqrt(shape.size()));
      boolean square = side * side == shape.size();
      return square
          ? new Frame(side, side, 1, true, black, white)
          : new Frame(1, shape.size(), 1, true, black, white);
    }

    /** How many numbers one picture takes. */
    public int size() {
      return height * width * channels;
    }

    /** Where in a row the number of this pixel and channel stands. */
    public int index(int y, int x, int channel) {
      return channelsFirst
          ? (channel * height + y) * width + x
          : (y * width + x) * channels + channel;
    }
  }

  /**
   * One picture for each reconstruction.
   *
   * @param title what these are: {@code nearest training image}
   * @param ids the record's id of each; empty where there is none and no picture either
   * @param pixels picture after picture, in the units of the reconstructions
   */
  public record Panel(String title, List<String> ids, float[] pixels) {
    public Panel {
      ids = List.copyOf(ids);
    }
  }
}
