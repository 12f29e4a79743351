package io.afterimage.data;

/** What a file may hold at most. Real data stays far below; hostile files are refused here. */
final class Limits {
  static final int COLUMNS = 50_000;
  static final int CELL_CHARACTERS = 1_000_000;
  static final int ROW_CHARACTERS = 16_000_000;
  static final int ARCHIVE_ENTRIES = 10_000;
  static final long PICTURE_PIXELS = 1L << 24;

  /** Expansion is judged from here on: small files compress however they like. */
  static final long EXPANDED_BYTES = 1L << 26;

  /** Deflate reaches 1,032; what people measure stays below 100. */
  static final long EXPANSION = 200;

  private Limits() {}
}
