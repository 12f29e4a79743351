package io.afterimage.assess;

import java.util.List;

/**
 * How a column sorts people into groups.
 *
 * @param attribute the column's name
 * @param groups the names of its groups
 * @param members the group of each member's row as an index into the names; -1 where it is missing
 * @param nonMembers the same of each non-member's
 */
public record Grouping(String attribute, List<String> groups, int[] members, int[] nonMembers) {}
