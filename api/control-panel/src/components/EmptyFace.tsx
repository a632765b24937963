import * as React from 'react';
import { FaceTitle, type FaceTitleProps } from './FaceTitle.tsx';

/** Nothing is there yet: what this place is for, and the one thing to do first. */
export const EmptyFace: React.FunctionComponent<FaceTitleProps & { readonly text: string }> = ({ title, isWholePage, text, children }) => (
  <div className="face">
    <FaceTitle title={title} isWholePage={isWholePage} />
    <p>{text}</p>
    {children}
  </div>
);
