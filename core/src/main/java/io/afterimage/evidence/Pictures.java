package io.afterimage.evidence;

import io.afterimage.base.Checks;
import java.util.List;

/**
 * What a person needs to judge reconstructions by eye: how their numbers make a picture, and real
 * pictures to lay beside each. Personal data, as reconstructions are.
 *
 * @param frame how numbers make a picture
 * @param panels what to lay beside the reconstructions, in the order of the report: nearest
 *     training image, nearest non-member, class mean
 */
public record Pictures(Frame frame, List<Panel> panels) {
  public Pictures {
    panels = List.copyOf(panels);
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
    public Frame {
      Checks.inRange("a picture's height", height, 1, 4096);
      Checks.inRange("a picture's width", width, 1, 4096);
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
