/** What fetch can't do by its standard (https://fetch.spec.whatwg.org/), and so can't do anywhere. */
export const OF_FETCH: Readonly<Record<string, string>> = {
  'http/target': 'fetch normalises URLs',
  'http/header-spelling': 'fetch may spell names in lower case',
  'http/nothing-added': 'fetch adds headers of its own',
  'http/answer-header-spelling': 'fetch gives names in lower case',
  'http/answer-header-order': 'fetch gives headers sorted',
  'http/answer-header-twice': 'fetch joins headers of the same name',
  'http/local-address-told': 'fetch does not tell it',
  'http/local-address-used': 'fetch has no choice of it; the adapter refuses',
};

/** What undici, the fetch of Node, can't do, at least in some versions. */
export const OF_UNDICI: Readonly<Record<string, string>> = {
  'http/chunk-extension': 'undici takes values in quotes for garbage',
  'http/space-before-colon': 'undici refuses it',
  'http/no-colon': 'undici refuses it',
  'http/length-twice': 'undici refuses it',
  'http/status-spaces': 'undici refuses it',
  'http/interim': 'undici takes a 100 that it did not ask for as a failure',
  'http/slow-interim': 'undici takes a 100 that it did not ask for as a failure',
};
