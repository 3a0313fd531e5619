/// What a revision is: a pod template and the configuration that it uses, known by one short id.
@NullMarked
package dev.serin.revision;

import org.jspecify.annotations.NullMarked;
