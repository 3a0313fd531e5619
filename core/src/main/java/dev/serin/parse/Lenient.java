package dev.serin.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads JSON into the records of [dev.serin.resource]. What does not fit is noted as a problem and
/// left out, so that one mistake hides no other; Jackson's own binding stops at the first.
final class Lenient {

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return Shape.of(type);
        }
      };

  private final Settings.UnknownFields unknownFields;

  private Lenient(Settings.UnknownFields unknownFields) {
    this.unknownFields = unknownFields;
  }

  /// Reads a record; null when it is not there at all or is none.
  static <T extends Record> @Nullable T read(
      @Nullable JsonNode node, Class<T> type, Place at, Settings.UnknownFields unknownFields) {
    return node == null ? null : type.cast(new Lenient(unknownFields).value(node, type, at));
  }

  private @Nullable Object value(JsonNode node, Type type, Place at) {
    if (node.isNull() || node.isMissingNode()) {
      return null;
    }
    if (type instanceof ParameterizedType generic) {
      var arguments = generic.getActualTypeArguments();
      return generic.getRawType() == List.class
          ? list(node, arguments[0], at)
          : map(node, arguments[1], at);
    }
    var plain = (Class<?>) type;
    return plain.isRecord() ? record(node, plain, at) : scalar(node, plain, at);
  }

  private @Nullable Object record(JsonNode node, Class<?> type, Place at) {
    if (!(node instanceof ObjectNode object)) {
      return misfit(node, "an object with fields", at);
    }
    var shape = SHAPES.get(type);
    if (unknownFields == Settings.UnknownFields.REFUSED) {
      refuseUnknown(object, shape.names(), at);
    }
    var values =
        shape.components().stream()
            .map(
                field ->
                    value(
                        node.path(field.getName()), field.getGenericType(), at.at(field.getName())))
            .toArray();
    return shape.make(values);
  }

  private static void refuseUnknown(ObjectNode object, Set<String> known, Place at) {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                at.at(name).wrong("", "is not a field", "known are " + known);
              }
            });
  }

  private @Nullable Object list(JsonNode node, Type element, Place at) {
    if (!node.isArray()) {
      return misfit(node, "a list", at);
    }
    var list = new ArrayList<Object>();
    for (int i = 0; i < node.size(); i++) {
      var value = value(node.get(i), element, at.at(i));
      if (node.get(i).isNull()) {
        at.at(i).missing("remove the element or fill it in");
      } else if (value != null) {
        list.add(value);
      }
    }
    return list;
  }

  private @Nullable Object map(JsonNode node, Type element, Place at) {
    if (!(node instanceof ObjectNode object)) {
      return misfit(node, "an object with fields", at);
    }
    var map = new LinkedHashMap<String, Object>();
    for (var entry : object.properties()) {
      var value = value(entry.getValue(), element, at.at(entry.getKey()));
      if (value != null) {
        map.put(entry.getKey(), value);
      }
    }
    return map;
  }

  /// A single value, taken only as what it is: `"3"` is no number and `1.5` no whole one.
  private static @Nullable Object scalar(JsonNode node, Class<?> type, Place at) {
    if (type == JsonNode.class) {
      return node;
    }
    if (type == ObjectNode.class) {
      return node.isObject() ? node : misfit(node, "an object with fields", at);
    }
    if (type == String.class) {
      return node.isTextual() ? node.textValue() : misfit(node, "a text in quotes", at);
    }
    if (type == Boolean.class) {
      return node.isBoolean() ? node.booleanValue() : misfit(node, "true or false", at);
    }
    if (type == Double.class) {
      return node.isNumber() ? node.doubleValue() : misfit(node, "a number", at);
    }
    var whole = node.isNumber() && node.canConvertToExactIntegral();
    if (type == Integer.class) {
      return whole && node.canConvertToInt()
          ? (Object) node.intValue()
          : misfit(node, "a whole number", at);
    }
    if (type == Long.class) {
      return whole && node.canConvertToLong()
          ? (Object) node.longValue()
          : misfit(node, "a whole number", at);
    }
    throw new IllegalArgumentException(type + " is no type of a resource's field");
  }

  private static @Nullable Object misfit(JsonNode node, String wanted, Place at) {
    at.wrong(node.isTextual() ? node.textValue() : node, "is not " + wanted, "use " + wanted);
    return null;
  }

  /// How a record is made.
  private record Shape(
      List<RecordComponent> components, Set<String> names, Constructor<?> constructor) {

    static Shape of(Class<?> type) {
      var components = List.of(type.getRecordComponents());
      try {
        var types = components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
        return new Shape(
            components,
            components.stream()
                .map(RecordComponent::getName)
                .collect(Collectors.toCollection(TreeSet::new)),
            type.getDeclaredConstructor(types));
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException(type + " is no record", e);
      }
    }

    Object make(@Nullable Object[] values) {
      try {
        return constructor.newInstance(values);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("cannot make a " + constructor.getDeclaringClass(), e);
      }
    }
  }
}
