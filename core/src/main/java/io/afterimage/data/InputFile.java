package io.afterimage.data;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.BadInputException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * A file that the user named for a role.
 *
 * @param role what the user calls it: members, --classes
 * @param path where it lies; links are followed
 */
record InputFile(String role, Path path) {

  /** For messages: the role and the file's name. */
  @Override
  public String toString() {
    return role + " (" + path.getFileName() + ")";
  }

  BadInputException bad(String message, Object... arguments) {
    return new BadInputException(this + ": " + String.format(Locale.ROOT, message, arguments));
  }

  /** The same error, whoever threw it, in one line that names this file. */
  BadInputException unreadable(String what, Throwable cause) {
    String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return new BadInputException(
        "%s cannot be read as %s (%s); is it complete?".formatted(this, what, Show.quoted(reason)),
        cause);
  }

  InputFile checkedFile() {
    check(Files.exists(path), "%s: there is no file %s", role, path);
    check(!Files.isDirectory(path), "%s: %s is a folder, not a file", role, path);
    check(
        Files.isRegularFile(path),
        "%s: %s is no regular file, and it must be read twice; save it first",
        role,
        path);
    check(Files.isReadable(path), "%s: %s may not be read by this user", role, path);
    check(size() > 0, "%s is empty", this);
    return this;
  }

  long size() {
    try {
      return Files.size(path);
    } catch (IOException e) {
      throw unreadable("a file", e);
    }
  }

  /** The bytes, unpacked if the file is gzipped, up to what honest data expand to. */
  InputStream open() throws IOException {
    PushbackInputStream start =
        new PushbackInputStream(new BufferedInputStream(Files.newInputStream(path), 1 << 16), 2);
    byte[] magic = start.readNBytes(2);
    start.unread(magic);
    boolean zipped = magic.length == 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
    if (!zipped) {
      return start;
    }
    try {
      return new Expanding(new GZIPInputStream(start, 1 << 16), size());
    } catch (IOException e) {
      start.close();
      throw e;
    }
  }

  /** The text: UTF-8, or UTF-16 with a byte order mark. Anything else is a decoding error. */
  Reader text() throws IOException {
    PushbackInputStream bytes = new PushbackInputStream(open(), 3);
    byte[] mark = bytes.readNBytes(3);
    Charset charset = StandardCharsets.UTF_8;
    int skipped = 0;
    if (startsWith(mark, 0xef, 0xbb, 0xbf)) {
      skipped = 3;
    } else if (startsWith(mark, 0xff, 0xfe)) {
      charset = StandardCharsets.UTF_16LE;
      skipped = 2;
    } else if (startsWith(mark, 0xfe, 0xff)) {
      charset = StandardCharsets.UTF_16BE;
      skipped = 2;
    }
    bytes.unread(mark, skipped, mark.length - skipped);
    CharsetDecoder decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    return new InputStreamReader(bytes, decoder);
  }

  private static boolean startsWith(byte[] bytes, int... prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  /** Stops once a packed file expands beyond belief. */
  private final class Expanding extends FilterInputStream {
    private final long most;
    private long expanded;

    Expanding(InputStream in, long packed) {
      super(in);
      this.most = Math.max(Limits.EXPANDED_BYTES, packed * Limits.EXPANSION);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = super.read(into, offset, length);
      expanded += Math.max(0, count);
      if (expanded > most) {
        throw bad("expands to more than %d times its size; unpack it yourself", Limits.EXPANSION);
      }
      return count;
    }
  }
}
