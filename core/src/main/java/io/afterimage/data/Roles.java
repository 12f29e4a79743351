package io.afterimage.data;

import static io.afterimage.base.Checks.check;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gives every column the role that the user named for it; the rest are features. */
final class Roles {
  private Roles() {}

  static Schema assign(List<String> columns, ReadOptions options) {
    Map<String, Role> roles = new LinkedHashMap<>();
    columns.forEach(column -> roles.put(column, Role.FEATURE));
    give(roles, "--ignore", options.ignored(), Role.IGNORED);
    give(roles, "--sensitive", options.sensitive(), Role.SENSITIVE);
    give(roles, "--person", options.person().stream().toList(), Role.PERSON);
    give(roles, "--id", options.rowId().stream().toList(), Role.ROW_ID);
    give(roles, "--label", options.label().stream().toList(), Role.LABEL);
    options.kinds().keySet().forEach(column -> known(roles, "--numeric/--categorical", column));
    return new Schema(roles);
  }

  private static void give(
      Map<String, Role> roles, String option, Collection<String> columns, Role role) {
    for (String column : columns) {
      known(roles, option, column);
      Role before = roles.put(column, role);
      check(
          before == Role.FEATURE,
          "%s: column %s is already taken as %s; name it once",
          option,
          Show.quoted(column),
          before);
    }
  }

  private static void known(Map<String, Role> roles, String option, String column) {
    check(
        roles.containsKey(column),
        "%s: there is no column %s; there are %s",
        option,
        Show.quoted(column),
        roles.keySet().stream().limit(20).map(Show::quoted).toList());
  }
}
