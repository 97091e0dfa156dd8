// SPDX-License-Identifier: Apache-2.0
export type Theme = 'auto' | 'light' | 'dark';
const stored = 'hulan.theme';
const state = $state<{ theme: Theme }>({ theme: (localStorage.getItem(stored) as Theme) ?? 'auto' });

export const theme = (): Theme => state.theme;

export function dress(): void {
  if (state.theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = state.theme;
}

export function setTheme(next: Theme): void {
  state.theme = next;
  localStorage.setItem(stored, next);
  dress();
}
