/** Told what is done with keys that a plugin guards, for metrics. */
export interface KmsObserver {
  /** The plugin has to be asked for a key. */
  onMiss(): void;
  /** A key was made here. */
  onGenerated(durationMs: number): void;
}
