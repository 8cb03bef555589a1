/** Stands in for the editor where only its words are wanted. One stand-in for all: modules are shared between test files. */
import '../hostileText/screen';
