package io.afterimage.data;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The role of each column, in the order of the file.
 *
 * @param roles column name to role, in order
 */
public record Schema(Map<String, Role> roles) {
  public Schema {
    roles = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(roles));
  }

  /** The columns of this role, in order. */
  public List<String> names(Role role) {
    return roles.entrySet().stream()
        .filter(e -> e.getValue() == role)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableList());
  }

  /** The columns that the model is fed, in order. */
  public List<String> inputs() {
    return roles.entrySet().stream()
        .filter(e -> e.getValue().isInput())
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableList());
  }

  /** The same with this column alone sensitive; the others that were become features. */
  public Schema sensitive(String column) {
    Map<String, Role> changed = new java.util.LinkedHashMap<>(roles);
    changed.replaceAll((name, role) -> role == Role.SENSITIVE ? Role.FEATURE : role);
    changed.put(column, Role.SENSITIVE);
    return new Schema(changed);
  }

  /** The same without these columns among the model's inputs. */
  public Schema ignoring(List<String> columns) {
    Map<String, Role> changed = new java.util.LinkedHashMap<>(roles);
    columns.forEach(column -> changed.put(column, Role.IGNORED));
    return new Schema(changed);
  }
}
