package io.afterimage.report.page;

import io.afterimage.base.Checks;
import io.afterimage.evidence.Pictures;
import io.afterimage.evidence.Pictures.Panel;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Stages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The reconstructions of one attack as pictures, each beside real ones.
 *
 * @param cards one for each reconstruction
 * @param all whether every reconstruction has its card
 */
record Gallery(List<Card> cards, boolean all) {
  /** More pictures than these make a page that no browser opens gladly. */
  static final int MOST_CARDS = 120;

  /** One reconstruction, what is laid beside it, and how it came about where that was kept. */
  record Card(String name, double confidence, List<Picture> pictures, Optional<Strip> strip) {}

  /** A picture as a data URI; no URI where there is no such record. */
  record Picture(String title, String id, String uri) {}

  static Gallery of(Reconstructions rebuilt, Pictures pictures) {
    check(rebuilt, pictures);
    int[] shown = Stages.firstOfEach(rebuilt.classes(), MOST_CARDS);
    return new Gallery(
        Arrays.stream(shown).mapToObj(i -> card(rebuilt, pictures, i)).toList(),
        shown.length == rebuilt.count());
  }

  /** Whether it is told of any how it came about. */
  boolean hasStrips() {
    return cards.stream().anyMatch(card -> card.strip().isPresent());
  }

  private static void check(Reconstructions rebuilt, Pictures pictures) {
    Checks.check(
        rebuilt.shape().size() == pictures.frame().size(),
        "the saved frame of %d numbers does not fit reconstructions of %d; the evidence is damaged",
        pictures.frame().size(),
        rebuilt.shape().size());
    for (Panel panel : pictures.panels()) {
      Checks.check(
          panel.ids().size() == rebuilt.count() && panel.pixels().length == rebuilt.pixels().length,
          "the saved pictures '%s' are not one for each of %d reconstructions; the evidence is"
              + " damaged",
          panel.title(),
          rebuilt.count());
    }
  }

  private static Card card(Reconstructions rebuilt, Pictures pictures, int index) {
    List<Picture> row = new ArrayList<>();
    float[] picture = rebuilt.picture(index);
    row.add(new Picture("rebuilt", "", Png.uri(pictures.frame(), picture)));
    row.add(
        new Picture(
            "rebuilt, contrast stretched",
            "",
            Png.uri(Contrast.stretched(pictures.frame(), picture), picture)));
    for (Panel panel : pictures.panels()) {
      row.add(picture(pictures, panel, index));
    }
    String name = rebuilt.classNames().get(rebuilt.classes()[index]);
    Optional<Strip> strip = Strip.of(rebuilt, index, pictures.frame());
    return new Card(name, rebuilt.confidence()[index], row, strip);
  }

  private static Picture picture(Pictures pictures, Panel panel, int index) {
    int size = pictures.frame().size();
    float[] pixels = Arrays.copyOfRange(panel.pixels(), index * size, (index + 1) * size);
    String id = panel.ids().get(index);
    return new Picture(panel.title(), id, id.isEmpty() ? "" : Png.uri(pictures.frame(), pixels));
  }
}
