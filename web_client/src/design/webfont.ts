/**
 * Noto Sans JP for staff pages, in unicode-range subsets of which a page fetches the few it needs. Residents read
 * in the font of their device: even one subset is as heavy as the rest of their first page.
 */
import '@fontsource-variable/noto-sans-jp';
