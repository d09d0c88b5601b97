/** The design system's door: screens import components from here and have no styles of their own. */
export * from './Button';
export * from './Dialog';
export * from './Field';
export * from './Furigana';
export * from './Header';
export * from './Layout';
export * from './NamePlate';
export * from './Notice';
export * from './OtpField';
export * from './SegmentedControl';
export * from './SharePanel';
export * from './States';
export * from './Tabs';
export * from './Tag';
export * from './Toast';
export * from './ToolButton';
export * from './VideoTile';
