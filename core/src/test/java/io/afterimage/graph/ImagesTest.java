package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Image files as inputs. */
@ExtendWith(ScopePerTest.class)
class ImagesTest {
  private static byte[] picture(String format) throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x010203);
    image.setRGB(1, 0, 0xFF8000);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }

  private static OperatorHarness decoder(byte[] file, String pixels) {
    return OperatorHarness.of("ImageDecoder", 20, n -> n.with("pixel_format", pixels))
        .input(Tensors.ofBytes(DType.UBYTE, file, file.length));
  }

  @Test
  void readsPixelsInTheOrderAskedFor() throws IOException {
    for (String format : new String[] {"png", "bmp", "tiff"}) {
      Tensor pixels = decoder(picture(format), "RGB").output();
      assertThat(pixels.shape()).containsExactly(1, 2, 3);
      assertThat(pixels.toLongs()).containsExactly(1, 2, 3, 255, 128, 0);
    }
    assertThat(decoder(picture("png"), "BGR").output().toLongs())
        .containsExactly(3, 2, 1, 0, 128, 255);
    assertThat(decoder(picture("png"), "Grayscale").output().toLongs()).containsExactly(2, 151);
  }

  @Test
  void saysInOneLineThatAFileIsNoImage() {
    OperatorHarness decoder = decoder(new byte[] {1, 2, 3}, "RGB");
    assertThatThrownBy(decoder::output)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("of a format that cannot be read here")
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    byte[] whole = picture("png");
    OperatorHarness decoder = decoder(Arrays.copyOf(whole, whole.length / 2), "RGB");
    assertThatThrownBy(decoder::output)
        .isInstanceOf(BadInputException.class)
        .hasMessageNotContaining("\n");
  }
}
