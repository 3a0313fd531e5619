@NullMarked
package dev.serin.controller.install;

import org.jspecify.annotations.NullMarked;
