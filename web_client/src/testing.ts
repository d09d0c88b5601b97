/** Test setup: Japanese words loaded before each file, the page cleaned after each test. */
import { cleanup } from '@testing-library/react';
import { afterEach, beforeAll } from 'vitest';
import { startWords } from './i18n';

beforeAll(() => startWords('ja'));
afterEach(cleanup);
