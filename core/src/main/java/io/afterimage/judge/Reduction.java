package io.afterimage.judge;

import io.afterimage.data.Encoder.Field;
import io.afterimage.data.Encoder.Flat;
import io.afterimage.data.Shape;
import io.afterimage.train.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Fewer numbers from many: pictures as sums over blocks of about 16 x 16 a picture; what is then
 * still wider than 512 numbers as 256 random sums. Those are very sparse (Li, Hastie, Church, KDD
 * 2006): each adds and subtracts the square root of all numbers.
 */
final class Reduction {
  static final int WIDEST = 512;
  private static final int RANDOM_SUMS = 256;
  private static final int BLOCKS = 256;

  /** A sum of some of a row's numbers and of others with a minus. */
  private record Sum(int[] plus, int[] minus) {
    float of(Matrix table, int row) {
      double sum = 0;
      for (int place : plus) {
        sum += table.at(row, place);
      }
      for (int place : minus) {
        sum -= table.at(row, place);
      }
      return (float) sum;
    }
  }

  private final List<Sum> sums;

  private Reduction(List<Sum> sums) {
    this.sums = sums;
  }

  /** The reduction of rows that consist of these fields. */
  static Reduction of(List<Field> fields, RandomGenerator random) {
    List<Sum> sums = new ArrayList<>();
    int offset = 0;
    for (Field field : fields) {
      int[][] blocks =
          field instanceof Flat flat && isPicture(flat.shape())
              ? blocks(flat.shape())
              : alone(field);
      for (int[] block : blocks) {
        int start = offset;
        sums.add(new Sum(Arrays.stream(block).map(i -> start + i).toArray(), new int[0]));
      }
      offset += field.width();
    }
    return new Reduction(sums.size() > WIDEST ? random(sums, random) : sums);
  }

  int width() {
    return sums.size();
  }

  /** Writes the sums of each row of the table, from row {@code first} of the reduced ones on. */
  void reduce(Matrix table, float[] into, int first) {
    for (int row = 0; row < table.rows(); row++) {
      for (int i = 0; i < sums.size(); i++) {
        into[(first + row) * sums.size() + i] = sums.get(i).of(table, row);
      }
    }
  }

  private static boolean isPicture(Shape shape) {
    return shape.size() > BLOCKS && (shape.rank() == 2 || shape.rank() == 3);
  }

  private static int[][] alone(Field field) {
    return IntStream.range(0, field.width()).mapToObj(i -> new int[] {i}).toArray(int[][]::new);
  }

  /** The places of each block; the axis of channels is the shorter one of the first and last. */
  private static int[][] blocks(Shape shape) {
    boolean channelsFirst = shape.rank() == 2 || shape.extent(0) <= shape.extent(2);
    int channels = shape.rank() == 2 ? 1 : Math.min(shape.extent(0), shape.extent(2));
    int height = shape.extent(channelsFirst ? shape.rank() - 2 : 0);
    int width = shape.extent(channelsFirst ? shape.rank() - 1 : 1);
    int side = Math.max(1, (int) Math.sqrt((double) BLOCKS / channels));
    int rows = Math.min(side, height);
    int columns = Math.min(side, width);
    List<List<Integer>> blocks = new ArrayList<>();
    IntStream.range(0, channels * rows * columns).forEach(i -> blocks.add(new ArrayList<>()));
    for (int place = 0; place < shape.size(); place++) {
      int pixel = channelsFirst ? place % (height * width) : place / channels;
      int channel = channelsFirst ? place / (height * width) : place % channels;
      int y = (int) ((long) (pixel / width) * rows / height);
      int x = (int) ((long) (pixel % width) * columns / width);
      blocks.get((channel * rows + y) * columns + x).add(place);
    }
    return blocks.stream()
        .map(block -> block.stream().mapToInt(i -> i).toArray())
        .toArray(int[][]::new);
  }

  private static List<Sum> random(List<Sum> sums, RandomGenerator random) {
    int terms = (int) Math.ceil(Math.sqrt(sums.size()));
    List<Sum> drawn = new ArrayList<>();
    for (int i = 0; i < RANDOM_SUMS; i++) {
      IntStream.Builder plus = IntStream.builder();
      IntStream.Builder minus = IntStream.builder();
      for (int term = 0; term < terms; term++) {
        Sum sum = sums.get(random.nextInt(sums.size()));
        Arrays.stream(sum.plus).forEach(random.nextBoolean() ? plus : minus);
      }
      drawn.add(new Sum(plus.build().toArray(), minus.build().toArray()));
    }
    return drawn;
  }
}
