/// The program: watches the cluster, observes, decides with core, carries out.
@NullMarked
package dev.serin.controller;

import org.jspecify.annotations.NullMarked;
